package dev.rung.store.postgresql;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankLedgerContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresBankLedgerIT implements BankLedgerContract {
    @RegisterExtension
    static final PostgresScene scene = new PostgresScene();

    @Override
    public BankLedger ledger() {
        return scene.stores.bankLedger();
    }
}
