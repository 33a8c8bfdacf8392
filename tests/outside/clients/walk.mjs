// Calls everything that a server lists and prints what came back as one JSON object: call -> answer.
// `walk.py` does the same, so that the transcripts of all clients can be compared byte for byte.
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

export const task = JSON.parse(readFileSync(process.argv[2], "utf8"));
export const era = task.era;
// The packages live in the cache, not beside this file.
export const load = createRequire(task.modules + "/");

// The transport to the server of the task: over HTTP when it has a URL.
export function connection(Stdio, Http) {
  if (task.url) return new Http(new URL(task.url));
  const [command, ...args] = task.command;
  return new Stdio({ command, args, env: { ...process.env, ...task.env }, cwd: task.cwd, stderr: "inherit" });
}

let asking;
let refusal;
const progress = {};

// Read off the transport: progress, which the clients drop when it arrives together with the result, and errors, whose
// legacy codes the newer client translates.
export function observe(transport) {
  const inner = transport.onmessage;
  transport.onmessage = (message, extra) => {
    if (message.error) refusal = message.error;
    if (message.method === "notifications/progress") {
      const { progress: done, total, message: text } = message.params;
      progress[asking] = { progress: done, total, message: text };
    }
    inner(message, extra);
  };
}

// Runs the walk over `api`, an object with one function per method of the protocol.
export async function walk(api) {
  const answers = {};
  const record = async (named, call) => {
    // A call that is repeated has an answer of its own.
    let key = named;
    for (let nth = 2; key in answers; nth++) key = `${named} #${nth}`;
    asking = key;
    refusal = undefined;
    try {
      answers[key] = { result: await call() };
    } catch (error) {
      // What the client itself dislikes, such as output that does not fit its schema, is no answer.
      if (!refusal) throw Object.assign(error, { message: `${key}: ${error.message}` });
      answers[key] = { error: refusal };
    }
  };
  const list = async (key, member, call) => {
    const items = [];
    let cursor;
    do {
      const page = await call(cursor === undefined ? undefined : { cursor });
      items.push(...page[member]);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    answers[key] = { result: { [member]: items } };
    return items;
  };

  const has = (capability) => api.capabilities()?.[capability] !== undefined;
  answers.server = {
    result: {
      protocolVersion: api.version(),
      info: api.info(),
      capabilities: api.capabilities(),
      instructions: api.instructions(),
    },
  };
  if (has("logging") && era === "legacy") await record("logging/setLevel", () => api.setLevel("debug"));
  if (era === "legacy") await record("ping", () => api.ping());

  if (has("tools")) {
    await list("tools/list", "tools", api.listTools);
    for (const [name, calls] of Object.entries(task.tools ?? {}))
      for (const given of calls) {
        const key = `tools/call ${name} ${JSON.stringify(given)}`;
        await record(key, () => api.callTool(name, given, { onprogress: () => {} }));
      }
  }
  if (has("resources")) {
    await list("resources/list", "resources", api.listResources);
    await list("resources/templates/list", "resourceTemplates", api.listTemplates);
    for (const uri of [...(task.resources ?? []), ...Object.values(task.templates ?? {}).flat()])
      await record(`resources/read ${uri}`, () => api.readResource(uri));
  }
  if (has("prompts")) {
    await list("prompts/list", "prompts", api.listPrompts);
    for (const [name, calls] of Object.entries(task.prompts ?? {}))
      for (const given of calls) await record(`prompts/get ${name} ${JSON.stringify(given)}`, () => api.getPrompt(name, given));
  }
  if (has("completions"))
    for (const asked of task.completions ?? [])
      await record(`completion/complete ${JSON.stringify(asked)}`, () => api.complete(asked));

  // The list once more: by its answer everything that was sent before has arrived.
  if (has("tools")) await api.listTools();
  for (const [key, last] of Object.entries(progress)) answers[key].progress = last;
  answers.logs = { result: api.logs };
  return answers;
}

export function report(answers) {
  writeSync(1, JSON.stringify(answers) + "\n");
}
