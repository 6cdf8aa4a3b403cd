// Talks to the server as applications do that use the client urql; prints what came, as JSON.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const url = process.argv[2];
const HELLO = gql`query Hello($n: String) { hello(name: $n) }`;
const NOTHING = gql`query Nothing { nothing }`;

const codes = ({ error }) => error.graphQLErrors.map(({ extensions }) => extensions.code);

async function ask(preferGetMethod) {
  const client = new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod });
  const answered = await client.query(HELLO, { n: "Ada" }).toPromise();
  return [answered.data.hello, codes(await client.query(NOTHING, {}).toPromise())];
}

function follow(query) {
  const client = new Client({ url, exchanges: [fetchExchange], fetchSubscriptions: true });
  return new Promise((resolve) => {
    const came = [];
    client.subscription(query, {}).subscribe((result) => {
      // The end of the stream comes as the last result once more, with nothing to follow.
      if (result.error) resolve(codes(result));
      else if (result.hasNext) came.push(Object.values(result.data)[0]);
      else resolve(came);
    });
  });
}

const posted = await ask(false);
const got = await ask("force");
const counted = await follow(gql`subscription { count(to: 3) }`);
const refused = await follow(gql`subscription { nothing }`);
console.log(JSON.stringify({ posted, got, counted, refused }));
process.exit(0);
