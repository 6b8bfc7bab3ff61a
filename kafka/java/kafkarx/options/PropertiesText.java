package kafkarx.options;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads a JSON list of texts from its argument as Java reads properties; prints what each says, or null for what cannot be read. */
public final class PropertiesText {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<Map<Object, Object>> read = new ArrayList<>();
        for (String text : json.readValue(arguments[0], String[].class)) read.add(entriesOf(text));
        System.out.println(json.writeValueAsString(read));
    }

    private static Map<Object, Object> entriesOf(String text) throws Exception {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
            return properties;
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }
}
