// Talks to the server as applications do that use the client graphql-ws; prints what came, as JSON.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const url = process.argv[2].replace(/^http/, "ws");
const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true });

async function collect(request, most = Infinity) {
  const came = [];
  try {
    for await (const result of client.iterate(request)) {
      came.push(result);
      if (came.length >= most) break;
    }
  } catch (errors) {
    came.push(Array.isArray(errors) ? { refused: errors.map((error) => error.extensions.code) } : String(errors));
  }
  return came;
}

const [query, counted, refused, wrong, ticked] = await Promise.all([
  collect({ query: "query ($n: String) { hello(name: $n) }", variables: { n: "Ada" } }),
  collect({ query: "subscription { count(to: 3) }" }),
  collect({ query: "{ nothing }" }),
  collect({ query: "{" }),
  collect({ query: "subscription { tick }" }, 2),
]);
await client.dispose();
console.log(JSON.stringify({ query, counted, refused, wrong, ticked }));
