// What an application writes with the types that are generated; the compiler has to take it, and to refuse what is wrong.
import type { ResultOf } from "@graphql-typed-document-node/core";

import { PageDocument, ScreenDocument, SyncDocument } from "./client/graphql";
import type { Answer, PageQuery, PageQueryVariables, ScreenQuery } from "./types";

type Page = NonNullable<ResultOf<typeof PageDocument>["answer"]>;
type Block = NonNullable<ScreenQuery["answer"]>["sections"][number]["blocks"][number];

export const documents = [PageDocument, ScreenDocument, SyncDocument];
export const variables: PageQueryVariables = { slug: "what-do-blood-pressure-readings-mean", locale: "en" };

export function lines(blocks: Block[]): string[] {
  return blocks.flatMap((block) =>
    block.__typename === "ParagraphBlock" ? block.content.spans.map((span) => span.text) : [block.text],
  );
}

export function page(answer: Page, read: PageQuery): string[] {
  const addresses: (string | null | undefined)[] = read.answer?.sources.map((source) => source.url) ?? [];
  return [...answer.disclaimers, ...addresses].map((each) => (typeof each === "object" ? each?.text : each) ?? "");
}

export function slugs(result: ResultOf<typeof SyncDocument>): (string | undefined)[] {
  return result.changes.nodes.map((change) => change.answer?.slug);
}

export const published = (answer: Answer): string => answer.publishedAt;
// @ts-expect-error: no answer has this field
export const nothing = (answer: Answer): string => answer.nothing;
// @ts-expect-error: the title is no number
export const counted = (answer: Answer): number => answer.title;
// @ts-expect-error: the slug is missing
export const incomplete: PageQueryVariables = { locale: "en" };
