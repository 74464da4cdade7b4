package dev.rung.client;

import java.time.Duration;
import java.util.List;

/** The endpoints of one merchant. Thread-safe. Errors are those of {@link RungClient}. */
public final class Endpoints {
    private final RungClient rung;
    private final String path;

    Endpoints(RungClient rung, String path) {
        this.rung = rung;
        this.path = path;
    }

    /** Adds an endpoint. Only this response contains the signing secret. */
    public Endpoint create(EndpointFields endpoint) {
        return rung.once("POST", path, endpoint.json(), Endpoint::read);
    }

    /** All endpoints, oldest first. */
    public List<Endpoint> list() {
        return rung.get(path, json -> json.page(Endpoint::read)).data();
    }

    public Endpoint get(String id) {
        return rung.get(one(id), Endpoint::read);
    }

    /** Updates the fields that are set. */
    public Endpoint update(String id, EndpointFields changes) {
        return rung.change("PATCH", one(id), changes.json(), Endpoint::read);
    }

    /** Deletes the endpoint and cancels its waiting notifications. */
    public void delete(String id) {
        rung.delete(one(id));
    }

    /** Pauses the endpoint: its notifications wait. */
    public Endpoint pause(String id) {
        return rung.change("POST", one(id) + "/pause", null, Endpoint::read);
    }

    public Endpoint resume(String id) {
        return rung.change("POST", one(id) + "/resume", null, Endpoint::read);
    }

    /** Sends a test notification to this endpoint. */
    public Notification test(String id) {
        return rung.once("POST", one(id) + "/test", null, Notification::read);
    }

    /** Rotates the signing key; only this response contains it. Both keys sign until the overlap ends. */
    public Endpoint rotateSecret(String id, Duration overlap) {
        String json = JsonWriter.object().put("overlap", overlap).text();
        return rung.once("POST", one(id) + "/rotate-secret", json, Endpoint::read);
    }

    private String one(String id) {
        return path + "/" + Query.encoded(id);
    }
}
