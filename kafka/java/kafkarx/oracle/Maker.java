package kafkarx.oracle;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Fills messages by chance: what the version has by a style, what it lacks with its default. */
final class Maker {
    enum Style {
        /** Every field other than its default. */
        FILLED,
        /** Null wherever the version allows it. */
        NULLS,
        /** Values at the edges of their types and of their encodings. */
        BOUNDARY,
        /** Arrays of structs with nothing in them. */
        NESTED,
        /** Filled, with unknown tags in every struct. */
        TAGGED,
        /** All of it, field by field. */
        MIXED
    }

    /** One field of one struct that gets a value of its own. */
    record Change(Class<?> struct, Field field, Object value) { }

    /** One more, and Kafka takes it for a sign of its own. */
    static final int MOST_TAG = Integer.MAX_VALUE - 1;

    private final short version;
    private final Style style;
    private final Chance chance;
    private final Change change;

    Maker(short version, Style style, Chance chance, Change change) {
        this.version = version;
        this.style = style;
        this.chance = chance;
        this.change = change;
    }

    <T> T make(Class<T> struct) {
        T made = MessageClasses.make(struct);
        Shape shape = Shape.of(struct, version);
        for (Shape.Member member : shape.members()) {
            if (member.present()) Values.set(made, member.field(), value(made, member));
        }
        if (change != null && change.struct() == struct) Values.set(made, change.field(), change.value());
        if (style == Style.TAGGED || (style == Style.MIXED && shape.flexible() && chance.one(6))) addTags((Message) made, shape.tags());
        return made;
    }

    /** Not the default of the field. */
    Object filled(Object struct, Shape.Member member) {
        Class<?> element = Shape.elementOf(member.field());
        if (element != null) return Values.collect(member.field(), times(chance.few(), () -> scalar(element)));
        Object value = cut(member, scalar(member.field().getType()));
        return Objects.equals(value, Values.get(struct, member.field())) ? filled(struct, member) : value;
    }

    private Object value(Object struct, Shape.Member member) {
        return switch (style) {
            case FILLED, TAGGED -> filled(struct, member);
            case NULLS -> member.nullable() ? null : filled(struct, member);
            case BOUNDARY -> boundary(member);
            case NESTED -> nested(struct, member);
            case MIXED -> mixed(struct, member);
        };
    }

    private Object mixed(Object struct, Shape.Member member) {
        if (member.nullable() && chance.one(5)) return null;
        if (chance.one(6)) return standard(struct, member);
        return chance.one(3) ? boundary(member) : filled(struct, member);
    }

    private Object nested(Object struct, Shape.Member member) {
        Class<?> element = Shape.elementOf(member.field());
        if (element == null || !Shape.isStruct(element)) return standard(struct, member);
        return Values.collect(member.field(), times(chance.below(3), () -> make(element)));
    }

    /** Kafka's default, unless it is a null that cannot be written: records have that. */
    private Object standard(Object struct, Shape.Member member) {
        Object standard = Values.get(struct, member.field());
        return standard == null && !member.nullable() ? filled(struct, member) : standard;
    }

    private Object boundary(Shape.Member member) {
        Field field = member.field();
        Class<?> element = Shape.elementOf(field);
        if (element == null && Shape.isStruct(field.getType())) return make(field.getType());
        if (element == null) return cut(member, chance.boundary(field.getType()));
        if (Shape.isStruct(element)) return Values.collect(field, times(chance.below(3), () -> make(element)));
        return times(chance.arrayLength(), () -> scalar(element));
    }

    private Object scalar(Class<?> type) {
        if (Shape.isStruct(type)) return make(type);
        if (type == Uuid.class) return chance.uuid();
        if (type == byte[].class) return chance.someBytes();
        if (type == ByteBuffer.class) return ByteBuffer.wrap(chance.someBytes());
        if (type == BaseRecords.class) return MemoryRecords.readableRecords(ByteBuffer.wrap(chance.someBytes()));
        return type == String.class ? chance.text() : chance.number(type);
    }

    private static Object cut(Shape.Member member, Object value) {
        return member.unsigned() ? (Object) ((int) value & 0xffff) : value;
    }

    private void addTags(Message struct, int known) {
        for (int tag : new int[] {known, known + 1, known + 127, MOST_TAG}) {
            if (chance.one(2)) struct.unknownTaggedFields().add(new RawTaggedField(tag, chance.bytes(chance.below(4))));
        }
        // At least one, so that a version without tags has something to refuse.
        if (struct.unknownTaggedFields().isEmpty()) struct.unknownTaggedFields().add(new RawTaggedField(known, chance.bytes(128)));
    }

    private static List<Object> times(int count, Supplier<Object> make) {
        List<Object> made = new ArrayList<>();
        for (int i = 0; i < count; i++) made.add(make.get());
        return made;
    }
}
