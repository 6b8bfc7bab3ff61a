package kafkarx.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Vectors of one message: [name, version, kind, value, bytes in hex or null when Kafka refuses, what it reads from them when that is not the
 * value]. Each is made of its own seed, so that it stays the same whatever else is asked for.
 */
final class Vectors {
    private static final int LONGEST = Short.MAX_VALUE;
    private static final int BOUNDARIES = 3;

    private final String name;
    private final short version;
    private final long seed;
    private final Class<? extends Message> type;
    private final Oracle.Parts parts;

    private Vectors(String name, short version, long seed, Oracle.Parts parts) {
        this.name = name;
        this.version = version;
        this.seed = seed;
        this.type = MessageClasses.named(name);
        this.parts = parts;
    }

    /** Takes message, seed, values (how many of mixed style) and sample (a few, and small). */
    static void write(JsonNode input, Oracle.Parts parts) throws IOException {
        String name = input.get("message").asText();
        Message message = MessageClasses.make(MessageClasses.named(name));
        for (short version = message.lowestSupportedVersion(); version <= message.highestSupportedVersion(); version++) {
            Vectors vectors = new Vectors(name, version, input.get("seed").asLong(), parts);
            if (!input.path("sample").asBoolean()) vectors.all(input.get("values").asInt());
            else vectors.sample(version == message.highestSupportedVersion());
        }
    }

    /** Of every version something; what is special about values is there for one version of each message. */
    private void sample(boolean special) throws IOException {
        addSmall(Maker.Style.FILLED);
        if (!special) return;
        addDefault();
        for (Maker.Style style : List.of(Maker.Style.NULLS, Maker.Style.NESTED, Maker.Style.TAGGED)) addSmall(style);
        for (Shape.Member member : Shape.of(type, version).members()) changes(type, member);
        wrongTags();
    }

    private void all(int values) throws IOException {
        addDefault();
        for (Maker.Style style : Maker.Style.values()) {
            int count = style == Maker.Style.MIXED ? values : style == Maker.Style.BOUNDARY ? BOUNDARIES : 1;
            for (int i = 0; i < count; i++) {
                String kind = name(style) + " " + i;
                add(kind, new Maker(version, style, new Chance(random(kind), false), null).make(type));
            }
        }
        changes();
        longText();
        wrongTags();
    }

    private void addDefault() throws IOException {
        add("default", MessageClasses.make(type));
    }

    private void addSmall(Maker.Style style) throws IOException {
        add(name(style), small(name(style), style, null).make(type));
    }

    private static String name(Maker.Style style) {
        return style.name().toLowerCase(Locale.ROOT);
    }

    private void changes() throws IOException {
        for (Class<?> struct : Shape.reachable(type, version)) {
            for (Shape.Member member : Shape.of(struct, version).members()) changes(struct, member);
        }
    }

    /** What the version cannot carry, one field at a time: a value where it has no field, and null where it has none. */
    private void changes(Class<?> struct, Shape.Member member) throws IOException {
        Field field = member.field();
        String where = " " + struct.getSimpleName() + "." + field.getName();
        if (!member.present()) {
            Object value = small("absent" + where, Maker.Style.FILLED, null).filled(MessageClasses.make(struct), member);
            change("absent" + where, struct, field, value);
        }
        if (!member.nullable() && !field.getType().isPrimitive()) change("null" + where, struct, field, null);
        if (member.present() && field.getType() == List.class) change("null in" + where, struct, field, Arrays.asList((Object) null));
    }

    private void change(String kind, Class<?> struct, Field field, Object value) throws IOException {
        Message message;
        try {
            message = small(kind, Maker.Style.FILLED, new Maker.Change(struct, field, value)).make(type);
        } catch (NullPointerException impossible) {
            // A key of an array with map keys is hashed, and so is never null.
            return;
        }
        add(kind, message);
    }

    /** A string of as many bytes as Kafka takes, and one that is just too long. */
    private void longText() throws IOException {
        Random random = random("long");
        List<Maker.Change> places = new ArrayList<>();
        for (Class<?> struct : Shape.reachable(type, version)) {
            for (Shape.Member member : Shape.of(struct, version).members()) {
                if (member.present() && member.field().getType() == String.class) places.add(new Maker.Change(struct, member.field(), null));
            }
        }
        if (places.isEmpty()) return;
        Maker.Change place = places.get(random.nextInt(places.size()));
        String character = random.nextBoolean() ? "a" : "€";
        int most = character.equals("a") ? LONGEST : LONGEST / 3;
        change("long", place.struct(), place.field(), character.repeat(most));
        change("too long", place.struct(), place.field(), character.repeat(most + 1));
    }

    private void wrongTags() throws IOException {
        Shape shape = Shape.of(type, version);
        if (!shape.flexible()) return;
        int known = shape.tags();
        addTagged("tags descend", known + 1, known);
        addTagged("tags repeat", known, known);
        addTagged("tag too great", Maker.MOST_TAG + 1);
        if (known > 0) addTagged("tag is known", known - 1);
    }

    private void addTagged(String kind, int... tags) throws IOException {
        Message message = small(kind, Maker.Style.FILLED, null).make(type);
        for (int tag : tags) message.unknownTaggedFields().add(new RawTaggedField(tag, new byte[] {1}));
        add(kind, message);
    }

    private Maker small(String kind, Maker.Style style, Maker.Change change) {
        return new Maker(version, style, new Chance(random(kind), true), change);
    }

    private Random random(String kind) {
        return new Random(31 * (31 * (31 * seed + name.hashCode()) + version) + kind.hashCode());
    }

    private void add(String kind, Message message) throws IOException {
        JsonNode value = Values.dump(message);
        byte[] bytes = Wire.writeOrRefuse(message, version);
        ArrayNode vector = Oracle.JSON.createArrayNode().add(name).add(version).add(kind).add(value);
        if (bytes == null) {
            parts.add(vector.addNull());
            return;
        }
        ConverterNames.check(message, version, value);
        JsonNode read = readBack(kind, bytes);
        vector.add(HexFormat.of().formatHex(bytes));
        parts.add(read == null || read.equals(value) ? vector : vector.add(read));
    }

    /** Null when Kafka itself cannot read what it wrote. */
    private JsonNode readBack(String kind, byte[] bytes) {
        try {
            return Values.dump(Wire.read(type, bytes, version));
        } catch (RuntimeException refusal) {
            if (kind.equals("tag is known")) return null;
            throw new AssertionError(name + " version " + version + " " + kind + " is written and not read", refusal);
        }
    }
}
