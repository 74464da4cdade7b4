package dev.rung.client;

import java.util.List;
import java.util.Map;

/** The channel accounts. Thread-safe. Errors are those of {@link RungClient}. */
public final class Channels {
    private static final String PATH = "/v1/channels";

    private final RungClient rung;

    Channels(RungClient rung) {
        this.rung = rung;
    }

    /**
     * Creates an account, which all servers have within a second.
     *
     * @param members those of the type, such as {@code app_id} and {@code private_key}; {@code bills} is a map with {@code at}
     */
    public Channel create(String name, String type, Map<String, ?> members) {
        JsonWriter json = JsonWriter.object().put("name", name).put("type", type);
        members.forEach(json::put);
        return rung.once("POST", PATH, json.text(), Channel::read);
    }

    /** All accounts, by name. */
    public List<Channel> list() {
        return rung.get(PATH, json -> json.page(Channel::read)).data();
    }

    public Channel get(String name) {
        return rung.get(one(name), Channel::read);
    }

    /** Changes the given members. */
    public Channel update(String name, Map<String, ?> members) {
        JsonWriter json = JsonWriter.object();
        members.forEach(json::put);
        return rung.change("PATCH", one(name), json.text(), Channel::read);
    }

    /** Deletes an account without open payments and refunds. */
    public void delete(String name) {
        rung.delete(one(name));
    }

    /** Sends a signed test request to the channel; returns the problems, empty if there are none. */
    public List<String> check(String name) {
        return rung.change("POST", one(name) + "/check", null, json -> json.texts("problems"));
    }

    private static String one(String name) {
        return PATH + "/" + Query.encoded(name);
    }
}
