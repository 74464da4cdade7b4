package dev.rung.store.postgresql;

import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLogContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresAuditLogIT implements AuditLogContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public AuditLog audit() {
        return scene.stores.audit();
    }
}
