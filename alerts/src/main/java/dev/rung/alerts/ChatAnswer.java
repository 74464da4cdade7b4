package dev.rung.alerts;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads the answers of chats, which refuse a message with status 200 and a code other than 0 in the body. */
final class ChatAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    /** The member's name at DingTalk and WeCom, at Feishu, and at Feishu's earlier interface. */
    private static final Set<String> CODES = Set.of("errcode", "code", "StatusCode");

    private ChatAnswer() {}

    /** Why the message was refused; null if it was not. */
    static @Nullable String refusal(byte[] answer) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), answer)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (CODES.contains(name) && value == JsonToken.VALUE_NUMBER_INT && json.getLongValue() != 0) {
                    return "the answer's " + name + " is " + json.getLongValue();
                }
                json.skipChildren();
            }
        } catch (JacksonException e) {
            return null; // not the answer of a chat that has a code
        }
        return null;
    }
}
