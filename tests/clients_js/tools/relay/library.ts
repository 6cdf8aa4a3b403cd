// Lists that are paged on: of answers, of topics, and of the answers that cite a source.
import { graphql } from "relay-runtime";

graphql`
  query libraryQuery($topics: [String!]) {
    ...library_answers @arguments(first: 2, topics: $topics)
    ...library_topics
  }
`;

graphql`
  fragment library_answers on Query
  @refetchable(queryName: "libraryAnswersPageQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 10 }
    after: { type: "String" }
    topics: { type: "[String!]" }
  ) {
    answers(first: $first, after: $after, filter: { topics: $topics })
      @connection(key: "library_answers", filters: ["filter"]) {
      totalCount
      edges {
        node {
          slug
          ...page_answer @arguments(isWhole: false)
        }
      }
    }
  }
`;

graphql`
  fragment library_topics on Query
  @refetchable(queryName: "libraryTopicsPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 1 }, after: { type: "String" }) {
    topics(first: $first, after: $after) @connection(key: "library_topics") {
      edges {
        node {
          slug
          name
          children {
            slug
          }
          ...library_topic
        }
      }
    }
  }
`;

graphql`
  fragment library_topic on Topic
  @refetchable(queryName: "libraryTopicPageQuery")
  @argumentDefinitions(
    last: { type: "Int", defaultValue: 2 }
    before: { type: "String" }
  ) {
    answers(last: $last, before: $before, orderBy: { field: QUESTION, direction: ASC })
      @connection(key: "library_topic_answers", filters: []) {
      edges {
        node {
          title
          summary {
            html
          }
          ...page_caveats
        }
      }
    }
  }
`;

graphql`
  fragment library_source on Source
  @refetchable(queryName: "librarySourcePageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 1 }, after: { type: "String" }) {
    title
    status
    citedBy(first: $first, after: $after) @connection(key: "library_source_citedBy") {
      edges {
        node {
          slug
          ...page_caveats
        }
      }
    }
  }
`;
