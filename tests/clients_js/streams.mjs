// Talks to the server as applications do that use the client graphql-sse; prints what came, as JSON.
import { createClient } from "graphql-sse";

const client = createClient({ url: process.argv[2], retryAttempts: 0 });

async function collect(request, most = Infinity) {
  const came = [];
  try {
    for await (const result of client.iterate(request)) {
      came.push(result);
      if (came.length >= most) break;
    }
  } catch (error) {
    came.push(String(error));
  }
  return came;
}

const [query, counted, refused, ticked] = await Promise.all([
  collect({ query: "query ($n: String) { hello(name: $n) }", variables: { n: "Ada" } }),
  collect({ query: "subscription { count(to: 3) }" }),
  collect({ query: "{ nothing }" }),
  collect({ query: "subscription { tick }" }, 2),
]);
client.dispose();
console.log(JSON.stringify({ query, counted, refused, ticked }));
