package dev.rung.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may see which. The core's own layers are held by a test beside the core. */
@AnalyzeClasses(
        packages = "dev.rung",
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoJarsOfTests.class})
class ArchitectureTest {

    /** In a whole build, other modules' tests come as jars. */
    static final class NoJarsOfTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule theCoreSeesNobody = noClasses()
            .that()
            .resideInAPackage("dev.rung.core..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.rung..")
                    .and(resideInAPackage("dev.rung.core..").negate()))
            .orShould()
            .dependOnClassesThat(
                    resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..", "com.rabbitmq.."));

    @ArchTest
    static final ArchRule adaptersAreBlindToEachOther = slices().matching("dev.rung.adapter.(*)..")
            .should()
            .notDependOnEachOther()
            // Keys and signatures are behind no port of their own: whoever sends, signs.
            .ignoreDependency(
                    resideInAPackage("dev.rung.adapter.http.."), resideInAPackage("dev.rung.adapter.crypto.."))
            // No adapter itself: what all channels' gateways have in common.
            .ignoreDependency(
                    resideInAnyPackage(
                            "dev.rung.adapter.alipay..",
                            "dev.rung.adapter.wechatpay..",
                            "dev.rung.adapter.simulator.."),
                    resideInAPackage("dev.rung.adapter.gateway.."))
            // Nor is this: what both databases' tables have in common.
            .ignoreDependency(
                    resideInAnyPackage("dev.rung.adapter.postgres..", "dev.rung.adapter.sqlite.."),
                    resideInAPackage("dev.rung.adapter.rows.."));

    @ArchTest
    static final ArchRule adaptersSeePortsAndModelButNotTheFlow = noClasses()
            .that()
            .resideInAPackage("dev.rung.adapter..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.rung.core.flow..", "dev.rung.payments.flow..", "dev.rung.server..", "org.springframework.."));

    @ArchTest
    static final ArchRule thePlatformsOwnSdksAreForTestsOnly =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("com.alipay..", "com.wechat.pay.."));

    @ArchTest
    static final ArchRule thePackagesOfTheServerFormNoCircle =
            slices().matching("dev.rung.server.(*)..").should().beFreeOfCycles();
}
