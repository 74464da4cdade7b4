package dev.rung.web;

import java.util.List;
import java.util.Map;

/** A JSON value of a request. Numbers keep their literal; raw values keep their bytes. */
public sealed interface Json {
    /**
     * An object; its members in the order of the request.
     *
     * @param start offset of its first byte in the body
     * @param end offset after its last byte
     */
    record Obj(Map<String, Json> members, int start, int end) implements Json {}

    /** An array. */
    record Arr(List<Json> items) implements Json {}

    /** A string, unescaped. */
    record Text(String value) implements Json {}

    /** A number with its literal. */
    record Num(String literal) implements Json {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {}

    /** {@code null}. */
    record Null() implements Json {}

    /**
     * A value that is valid JSON but not parsed further.
     *
     * @param start offset of its first byte in the body
     * @param end offset after its last byte
     */
    record Raw(int start, int end) implements Json {}

    /** The type, for error messages. */
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
