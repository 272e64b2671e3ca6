// Vite's workers are modules only if it is told so: `await` outside of functions needs that.
export default { worker: { format: "es" } };
