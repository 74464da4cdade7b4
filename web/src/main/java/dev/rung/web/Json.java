package dev.rung.web;

import java.util.List;
import java.util.Map;

/** A JSON value of a request. Numbers keep their spelling; what is handed on unread keeps its bytes. */
public sealed interface Json {
    /**
     * An object; its members in the order of the request.
     *
     * @param start where its bytes begin in the body
     * @param end where they end, exclusive
     */
    record Obj(Map<String, Json> members, int start, int end) implements Json {}

    /** An array. */
    record Arr(List<Json> items) implements Json {}

    /** A string, its escapes resolved. */
    record Text(String value) implements Json {}

    /** A number as it was spelled. */
    record Num(String literal) implements Json {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {}

    /** {@code null}. */
    record Null() implements Json {}

    /**
     * A value that was checked to be JSON and not read any further.
     *
     * @param start where its bytes begin in the body
     * @param end where they end, exclusive
     */
    record Raw(int start, int end) implements Json {}

    /** What it is, as a person would say it. */
    default String kind() {
        return switch (this) {
            case Obj o -> "an object";
            case Arr a -> "an array";
            case Text t -> "a string";
            case Num n -> "a number";
            case Bool b -> "a boolean";
            case Null n -> "null";
            case Raw r -> "a JSON value";
        };
    }
}
