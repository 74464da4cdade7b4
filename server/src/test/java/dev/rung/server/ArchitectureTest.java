package dev.rung.server;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.rung.core.TopLevelClasses;
import org.springframework.web.bind.annotation.RestController;

/** The allowed dependencies between modules. Tests beside core and payments check their layers. */
@AnalyzeClasses(
        packages = "dev.rung",
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoJarsOfTests.class})
class ArchitectureTest {

    /** In a full build, the tests of other modules are jars. */
    static final class NoJarsOfTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule theCoreDependsOnNoOtherModule = noClasses()
            .that()
            .resideInAPackage("dev.rung.core..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.rung..")
                    .and(resideInAPackage("dev.rung.core..").negate()))
            .orShould()
            .dependOnClassesThat(
                    resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..", "com.rabbitmq.."));

    @ArchTest
    static final ArchRule storesDoNotSeeEachOther = slices().matching("dev.rung.store.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAnyPackage("dev.rung.store.common..", "dev.rung.store.spi.."));

    @ArchTest
    static final ArchRule storesAndQueuesAreReachedThroughTheirProviders = noClasses()
            .that()
            .resideOutsideOfPackages("dev.rung.store..", "dev.rung.queue..", "dev.rung.bench..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.rung.store.common..",
                    "dev.rung.store.sqlite..",
                    "dev.rung.store.postgresql..",
                    "dev.rung.store.mysql..",
                    "dev.rung.queue.rabbitmq.."));

    @ArchTest
    static final ArchRule theMigrationsLibraryIsUsedInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rung.store.common..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.flywaydb.."));

    @ArchTest
    static final ArchRule theDriverOfPostgresqlIsUsedByItsStoreOnly = noClasses()
            .that()
            .resideOutsideOfPackages("dev.rung.store.postgresql..", "dev.rung.testing..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.postgresql.."));

    @ArchTest
    static final ArchRule theDriverOfMysqlIsUsedByItsStoreOnly = noClasses()
            .that()
            .resideOutsideOfPackages("dev.rung.store.mysql..", "dev.rung.testing..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.mariadb.."));

    @ArchTest
    static final ArchRule connectionPoolsAreUsedByStoresOnly = noClasses()
            .that()
            .resideOutsideOfPackages("dev.rung.store.postgresql..", "dev.rung.store.mysql..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.zaxxer.."));

    @ArchTest
    static final ArchRule theDriverOfSqliteIsUsedByItsStoreOnly = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rung.store.sqlite..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.sqlite.."));

    @ArchTest
    static final ArchRule theClientOfRabbitmqIsUsedByItsQueueOnly = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.rung.queue.rabbitmq..", "dev.rung.testing..", "dev.rung.bench..", "dev.rung.torture..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.rabbitmq.."));

    @ArchTest
    static final ArchRule queuesDoNotSeeEachOther =
            slices().matching("dev.rung.queue.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule channelsDoNotSeeEachOther = slices().matching("dev.rung.channel.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage("dev.rung.channel.gateway.."));

    @ArchTest
    static final ArchRule nothingNamesAChannel = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rung.channel..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.rung.channel.."));

    @ArchTest
    static final ArchRule implementationsOfPortsDoNotSeeTheFlow = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.rung.store..",
                    "dev.rung.queue..",
                    "dev.rung.channel..",
                    "dev.rung.delivery..",
                    "dev.rung.crypto..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.rung.core.flow..", "dev.rung.payments.flow..", "dev.rung.server..", "org.springframework.."));

    @ArchTest
    static final ArchRule springIsAtTheEdgesOnly = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.rung.web..",
                    "dev.rung.api..",
                    "dev.rung.console..",
                    "dev.rung.observability..",
                    "dev.rung.server..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.springframework.."));

    @ArchTest
    static final ArchRule controllersAreCalledBySpringOnly = noClasses()
            .that()
            .resideOutsideOfPackage("dev.rung.api..")
            .should()
            .dependOnClassesThat(annotatedWith(RestController.class));

    @ArchTest
    static final ArchRule modulesFormNoCycle =
            slices().matching("dev.rung.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule thePlatformsOwnSdksAreForTestsOnly = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.alipay..", "com.wechat.pay..", "com.stripe.."));

    @ArchTest
    static final ArchRule thePackagesOfTheServerFormNoCircle =
            slices().matching("dev.rung.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theClassesOfTheSenderFormNoCycle = classesFormNoCycle("dev.rung.delivery.http");

    @ArchTest
    static final ArchRule theClassesOfTheRabbitmqQueueFormNoCycle = classesFormNoCycle("dev.rung.queue.rabbitmq");

    @ArchTest
    static final ArchRule theClassesOfTheSqliteStoreFormNoCycle = classesFormNoCycle("dev.rung.store.sqlite");

    @ArchTest
    static final ArchRule theClassesOfThePostgresqlStoreFormNoCycle = classesFormNoCycle("dev.rung.store.postgresql");

    @ArchTest
    static final ArchRule theClassesOfTheMysqlStoreFormNoCycle = classesFormNoCycle("dev.rung.store.mysql");

    @ArchTest
    static final ArchRule theClassesOfObservabilityFormNoCycle = classesFormNoCycle("dev.rung.observability");

    @ArchTest
    static final ArchRule theClassesOfTheConsoleFormNoCycle = classesFormNoCycle("dev.rung.console");

    private static ArchRule classesFormNoCycle(String packageName) {
        return slices().assignedFrom(new TopLevelClasses(packageName)).should().beFreeOfCycles();
    }
}
