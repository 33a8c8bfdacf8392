// @modelcontextprotocol/sdk 1.x, which knows the legacy revisions only.
import * as fixed from "./answers.mjs";
import { connection, load, observe, report, task, walk } from "./walk.mjs";

const { Client } = load("@modelcontextprotocol/sdk/client/index.js");
const { StdioClientTransport } = load("@modelcontextprotocol/sdk/client/stdio.js");
const { StreamableHTTPClientTransport } = load("@modelcontextprotocol/sdk/client/streamableHttp.js");
const types = load("@modelcontextprotocol/sdk/types.js");

const client = new Client(
  { name: "outside", version: "1" },
  { capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} } },
);
client.setRequestHandler(types.ElicitRequestSchema, (request) => fixed.elicitation(request.params, task.answers));
client.setRequestHandler(types.CreateMessageRequestSchema, () => fixed.sampling);
client.setRequestHandler(types.ListRootsRequestSchema, () => fixed.roots);
const logs = [];
client.setNotificationHandler(types.LoggingMessageNotificationSchema, ({ params }) => void logs.push(params));

const transport = connection(StdioClientTransport, StreamableHTTPClientTransport);
let version;
const setProtocolVersion = transport.setProtocolVersion?.bind(transport);
transport.setProtocolVersion = (negotiated) => {
  version = negotiated;
  setProtocolVersion?.(negotiated);
};
await client.connect(transport);
observe(transport);
report(
  await walk({
    logs,
    version: () => version,
    info: () => client.getServerVersion(),
    capabilities: () => client.getServerCapabilities(),
    instructions: () => client.getInstructions(),
    ping: () => client.ping(),
    setLevel: (level) => client.setLoggingLevel(level),
    listTools: (page) => client.listTools(page),
    callTool: (name, given, options) => client.callTool({ name, arguments: given }, undefined, options),
    listResources: (page) => client.listResources(page),
    listTemplates: (page) => client.listResourceTemplates(page),
    readResource: (uri) => client.readResource({ uri }),
    listPrompts: (page) => client.listPrompts(page),
    getPrompt: (name, given) => client.getPrompt({ name, arguments: given }),
    complete: (asked) => client.complete(asked),
  }),
);
// Over HTTP a session ends when it is said to.
await transport.terminateSession?.();
await client.close();
