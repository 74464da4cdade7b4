package dev.rung.store.mysql;

import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLogContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlAuditLogIT implements AuditLogContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public AuditLog audit() {
        return scene.stores.audit();
    }
}
