/**
 * A rule for ESLint: how many lines of code a function may have, without blank lines, comments and
 * the functions inside it. ESLint's own `max-lines-per-function` counts these too, so that a
 * function that only makes and returns others would be long.
 */
export const maxOwnLines = {
  meta: {
    type: "suggestion",
    schema: [{ type: "integer", minimum: 1 }],
    messages: {
      long: "{{ name }} has {{ count }} lines of its own, more than {{ most }}: split it by its ideas.",
    },
  },
  create(context) {
    const { lines } = context.sourceCode;
    const [most] = context.options;
    let code;
    const open = [];
    const isCode = () => {
      const comments = new Set();
      for (const { loc } of context.sourceCode.getAllComments())
        for (let line = loc.start.line; line <= loc.end.line; line++)
          if (isOnlyComment(lines[line - 1])) comments.add(line);
      return lines.map((text, i) => text.trim() !== "" && !comments.has(i + 1));
    };
    return {
      ":function"() {
        open.push(0);
      },
      ":function:exit"(node) {
        code ??= isCode();
        const { start, end } = node.loc;
        const all = code.slice(start.line - 1, end.line).filter(Boolean).length;
        const count = all - open.pop();
        // The line on which an inner function begins is the outer one's.
        if (open.length > 0) open[open.length - 1] += Math.max(0, all - 1);
        const name = node.id?.name ?? node.parent.id?.name ?? node.parent.key?.name ?? "A function";
        if (count > most)
          context.report({ loc: node.loc.start, messageId: "long", data: { name, count, most } });
      },
    };
  },
};

const isOnlyComment = (text) => /^\s*(\/\/|\/\*|\*)/.test(text);
