package dev.rung.adapter.postgres;

import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankLedgerContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresBankLedgerIT implements BankLedgerContract {
    private static PostgresScene scene;

    @BeforeAll
    static void open() {
        scene = new PostgresScene();
    }

    @BeforeEach
    void empty() {
        scene.empty();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @Override
    public BankLedger ledger() {
        return scene.stores.bankLedger();
    }
}
