package openledger.http.header;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;

/** Refuses compressed bodies: the size of a decompressed one could not be bounded by its length. */
public final class BodyEncoding {
    private static final String IDENTITY = "identity";

    private BodyEncoding() {}

    /** What is wrong with the encoding of a body; empty if nothing is. */
    public static Optional<Problem> objectionTo(MultiMap headers) {
        boolean plain = headers.getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .allMatch(encoding -> encoding.isBlank() || IDENTITY.equalsIgnoreCase(encoding.strip()));
        return plain
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "Compressed bodies are not accepted: send the body as it is, without 'Content-Encoding'.",
                        "content-encoding"));
    }
}
