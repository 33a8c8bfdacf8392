// The fixed answers that a client gives to a server's questions. `answers.py` gives the same ones.

function value(schema) {
  if ("default" in schema) return schema.default;
  const choice = schema.enum?.[0] ?? (schema.oneOf ?? schema.anyOf)?.[0]?.const;
  if (choice !== undefined) return choice;
  switch (schema.type) {
    case "array":
      return [value(schema.items)];
    case "boolean":
      return true;
    case "integer":
      return schema.minimum ?? 7;
    case "number":
      return schema.minimum ?? 0.5;
    default:
      return (
        { email: "ada@example.com", uri: "https://example.com/", date: "2026-07-28", "date-time": "2026-07-28T12:00:00Z" }[
          schema.format
        ] ?? "Ada"
      );
  }
}

export function elicitation(params, planned) {
  const given = planned?.[params.message];
  if (given) return given;
  if (params.mode === "url") return { action: "accept" };
  const content = {};
  for (const [name, schema] of Object.entries(params.requestedSchema.properties)) content[name] = value(schema);
  return { action: "accept", content };
}

export const sampling = {
  role: "assistant",
  content: { type: "text", text: "A fixed answer." },
  model: "fixed",
  stopReason: "endTurn",
};

export const roots = { roots: [{ uri: "file:///project", name: "project" }] };
