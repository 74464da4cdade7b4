package dev.rung.core;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Slices of one top-level class each, of the given packages: to check that classes which call each other form no cycle. */
public record TopLevelClasses(String packageName) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        return javaClass.getPackageName().equals(packageName)
                ? SliceIdentifier.of(javaClass.getName().replaceFirst("\\$.*", ""))
                : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
        return "top-level classes of " + packageName;
    }
}
