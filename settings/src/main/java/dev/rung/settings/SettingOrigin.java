package dev.rung.settings;

/** The origin of a value, for messages. */
public sealed interface SettingOrigin {
    /** The command line. */
    record Flag(String name) implements SettingOrigin {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The environment. */
    record Variable(String name) implements SettingOrigin {
        @Override
        public String toString() {
            return "the environment variable " + name;
        }
    }

    /** A line of the settings file, counted from 1. */
    record File(String path, int line) implements SettingOrigin {
        @Override
        public String toString() {
            return path + ", line " + line;
        }
    }

    /** Nothing was set. */
    record Default() implements SettingOrigin {
        @Override
        public String toString() {
            return "the default";
        }
    }
}
