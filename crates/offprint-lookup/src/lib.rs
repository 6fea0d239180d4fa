//! What arXiv, Crossref and OpenReview know of papers, asked over the network.
