// @modelcontextprotocol/client, both eras.
import * as fixed from "./answers.mjs";
import { connection, era, load, observe, report, task, walk } from "./walk.mjs";

const { Client, StreamableHTTPClientTransport } = load("@modelcontextprotocol/client");
const { StdioClientTransport } = load("@modelcontextprotocol/client/stdio");

const client = new Client(
  { name: "outside", version: "1" },
  {
    capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
    versionNegotiation: { mode: era === "legacy" || era === "auto" ? era : { pin: era } },
  },
);
client.setRequestHandler("elicitation/create", (request) => fixed.elicitation(request.params, task.answers));
client.setRequestHandler("sampling/createMessage", () => fixed.sampling);
client.setRequestHandler("roots/list", () => fixed.roots);
const logs = [];
// The modern era has no session level: each request says what it wants to hear.
const wanted = era === "legacy" ? {} : { _meta: { "io.modelcontextprotocol/logLevel": "debug" } };
client.setNotificationHandler("notifications/message", ({ params }) => void logs.push(params));

const transport = connection(StdioClientTransport, StreamableHTTPClientTransport);
await client.connect(transport);
observe(transport);
report(
  await walk({
    logs,
    version: () => client.getNegotiatedProtocolVersion(),
    info: () => client.getServerVersion(),
    capabilities: () => client.getServerCapabilities(),
    instructions: () => client.getInstructions(),
    ping: () => client.ping(),
    setLevel: (level) => client.setLoggingLevel(level),
    listTools: (page) => client.listTools(page),
    callTool: (name, given, options) => client.callTool({ name, arguments: given, ...wanted }, options),
    listResources: (page) => client.listResources(page),
    listTemplates: (page) => client.listResourceTemplates(page),
    readResource: (uri) => client.readResource({ uri }),
    listPrompts: (page) => client.listPrompts(page),
    getPrompt: (name, given) => client.getPrompt({ name, arguments: given }),
    complete: (asked) => client.complete(asked),
  }),
);
// Over HTTP a session ends when it is said to.
if (era === "legacy") await transport.terminateSession?.();
await client.close();
