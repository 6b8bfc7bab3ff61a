package kafkarx.oracle;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;

/**
 * A struct of a message at one version, as the Schema objects in Kafka's classes describe it. `tags` counts those that any version knows:
 * where a version does not, Kafka writes them as unknown ones, and refuses to read them.
 */
record Shape(List<Member> members, boolean flexible, int tags) {
    private static final Map<String, Shape> KNOWN = new ConcurrentHashMap<>();
    private static final Map<Class<?>, List<Field>> FIELDS = new ConcurrentHashMap<>();

    /** Whether the version has the field, and may have null in it; and whether its int is an unsigned short, which its class does not show. */
    record Member(Field field, boolean present, boolean nullable, boolean unsigned) { }

    /** Of a version that lacks the whole struct: as the last version has it, so that it can be filled all the same. */
    static Shape of(Class<?> struct, short version) {
        return KNOWN.computeIfAbsent(struct.getName() + version, name -> read(struct, version));
    }

    static boolean isStruct(Class<?> type) {
        return Message.class.isAssignableFrom(type);
    }

    /** The fields that a schema gave to the class; what serves the class itself is private. */
    static List<Field> fieldsOf(Class<?> struct) {
        return FIELDS.computeIfAbsent(struct, type -> Arrays.stream(type.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers()))
            .peek(field -> field.setAccessible(true))
            .toList());
    }

    /** Null when the field is no array. */
    static Class<?> elementOf(Field field) {
        if (field.getType() == List.class) return argument(field.getGenericType());
        return isKeyed(field) ? argument(field.getType().getGenericSuperclass()) : null;
    }

    /** An array with map keys has a class of its own, which takes no null. */
    static boolean isKeyed(Field field) {
        return ImplicitLinkedHashCollection.class.isAssignableFrom(field.getType());
    }

    /** The struct and all that can be met in it at the version. */
    static Set<Class<?>> reachable(Class<?> struct, short version) {
        Set<Class<?>> found = new LinkedHashSet<>();
        List<Class<?>> open = new ArrayList<>(List.of(struct));
        while (!open.isEmpty()) {
            Class<?> next = open.remove(open.size() - 1);
            if (!found.add(next)) continue;
            for (Member member : of(next, version).members()) {
                Class<?> element = elementOf(member.field());
                Class<?> type = element == null ? member.field().getType() : element;
                if (member.present() && isStruct(type)) open.add(type);
            }
        }
        return found;
    }

    private static Class<?> argument(java.lang.reflect.Type type) {
        return (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static Shape read(Class<?> struct, short version) {
        Schema[] all = schemasOf(struct);
        Schema schema = version < all.length && all[version] != null ? all[version] : all[all.length - 1];
        Map<String, Type> types = typesOf(schema);
        Set<String> unsigned = unsignedOf(all);
        List<Member> members = fieldsOf(struct).stream().map(field -> member(field, types, unsigned)).toList();
        TaggedFields tagged = tagSection(all[all.length - 1]);
        return new Shape(members, tagSection(schema) != null, tagged == null ? 0 : tagged.fields().size());
    }

    private static Member member(Field field, Map<String, Type> types, Set<String> unsigned) {
        String name = plain(field.getName());
        Type type = types.get(name);
        return new Member(field, type != null, type != null && type.isNullable(), unsigned.contains(name));
    }

    /** By version; null where the struct is not in it. */
    private static Schema[] schemasOf(Class<?> struct) {
        try {
            return (Schema[]) struct.getField("SCHEMAS").get(null);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Map<String, Type> typesOf(Schema schema) {
        Map<String, Type> types = new HashMap<>();
        for (BoundField field : schema.fields()) types.put(plain(field.def.name), field.def.type);
        TaggedFields tagged = tagSection(schema);
        if (tagged != null) tagged.fields().values().forEach(field -> types.put(plain(field.name), field.type));
        return types;
    }

    private static TaggedFields tagSection(Schema schema) {
        for (BoundField field : schema.fields()) if (field.def.type instanceof TaggedFields section) return section;
        return null;
    }

    private static Set<String> unsignedOf(Schema[] schemas) {
        Set<String> names = new HashSet<>();
        for (Schema schema : schemas) {
            if (schema == null) continue;
            typesOf(schema).forEach((name, type) -> {
                if (type == Type.UINT16) names.add(name);
            });
        }
        return names;
    }

    /** Schema objects spell names with underscores, classes with capitals. */
    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
