// One answer, made of components that each say what they need, and that are fetched again one by one.
import { graphql } from "relay-runtime";

graphql`
  query pageQuery($slug: String!, $isWhole: Boolean!) {
    answer(slug: $slug) {
      ...page_answer @arguments(isWhole: $isWhole)
      sources {
        ...library_source
      }
      relatedAnswers(first: 3) {
        ...page_answer @arguments(isWhole: false)
      }
    }
  }
`;

graphql`
  fragment page_caveats on Answer {
    status
    disclaimers {
      kind
      placement
      heading
      text
    }
  }
`;

graphql`
  fragment page_answer on Answer
  @refetchable(queryName: "pageAnswerQuery")
  @argumentDefinitions(isWhole: { type: "Boolean!" }) {
    title
    ...page_caveats
    summary @skip(if: $isWhole) {
      html
    }
    sections @include(if: $isWhole) {
      ...page_section
    }
    followUpQuestions {
      text
      answer {
        slug
        summary {
          text
        }
        ...page_caveats
      }
    }
  }
`;

graphql`
  fragment page_section on Section @refetchable(queryName: "pageSectionQuery") {
    heading
    level
    disclaimers {
      text
    }
    blocks {
      id
      ...page_block
    }
  }
`;

graphql`
  fragment page_block on Block {
    __typename
    html
    ... on ListBlock {
      items {
        lead {
          text
        }
        content {
          text
        }
      }
    }
    ... on StepsBlock {
      steps {
        title
        blocks {
          html
        }
      }
    }
  }
`;

graphql`
  subscription pageChangedSubscription($since: String) {
    contentChanged(since: $since) {
      kind
      answerId
      answer {
        ...page_answer @arguments(isWhole: true)
      }
    }
  }
`;
