import theme from "vitepress/theme-without-fonts";
import "../../.cache/arms.css";
import "./style.css";

export default theme;
