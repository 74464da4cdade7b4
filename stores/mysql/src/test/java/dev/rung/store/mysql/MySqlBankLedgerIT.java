package dev.rung.store.mysql;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankLedgerContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlBankLedgerIT implements BankLedgerContract {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public BankLedger ledger() {
        return scene.stores.bankLedger();
    }
}
