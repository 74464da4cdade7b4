package dev.rung.channel.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/** The meaning of a gateway's errors for an account's members, by a part of the error; the first match counts. Built once, then immutable. */
public final class FaultMeanings {
    private final Map<String, String> meanings = new LinkedHashMap<>();

    /** Adds the meaning of errors that contain this part. */
    public FaultMeanings with(String part, String meaning) {
        meanings.put(part, meaning);
        return this;
    }

    /** The meaning, followed by the error; only the error if its meaning is not known. */
    public String explained(String fault) {
        return meanings.entrySet().stream()
                .filter(meaning -> fault.contains(meaning.getKey()))
                .map(meaning -> meaning.getValue() + " (" + fault + ")")
                .findFirst()
                .orElse(fault);
    }
}
