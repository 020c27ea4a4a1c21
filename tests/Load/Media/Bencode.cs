using System.Globalization;
using System.Text;

namespace OrleansCallback.Load.Media;

/// <summary>Bencoding as far as rtpengine's control protocol needs it here: one dictionary, whose texts are ASCII.</summary>
static class Bencode
{
    /// <summary>Writes a dictionary of texts.</summary>
    public static string Write(SortedDictionary<string, string> dictionary)
    {
        var text = new StringBuilder("d");
        foreach (var (key, value) in dictionary) text.Append(CultureInfo.InvariantCulture, $"{key.Length}:{key}{value.Length}:{value}");
        return text.Append('e').ToString();
    }

    /// <summary>Reads a dictionary; of its values only the texts are kept.</summary>
    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        var at = 0;
        return (Dictionary<string, string>)Value(text, ref at);
    }

    static object Value(string text, ref int at) => text[at] switch
    {
        'd' => Dictionary(text, ref at),
        'l' => List(text, ref at),
        'i' => Number(text, ref at),
        _ => Text(text, ref at),
    };

    static Dictionary<string, string> Dictionary(string text, ref int at)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        for (at++; text[at] != 'e';)
        {
            var key = Text(text, ref at);
            if (Value(text, ref at) is string value) read[key] = value;
        }

        at++;
        return read;
    }

    static List<object> List(string text, ref int at)
    {
        var read = new List<object>();
        for (at++; text[at] != 'e';) read.Add(Value(text, ref at));
        at++;
        return read;
    }

    static long Number(string text, ref int at)
    {
        var end = text.IndexOf('e', at);
        var number = long.Parse(text.AsSpan(at + 1, end - at - 1), CultureInfo.InvariantCulture);
        at = end + 1;
        return number;
    }

    static string Text(string text, ref int at)
    {
        var colon = text.IndexOf(':', at);
        var length = int.Parse(text.AsSpan(at, colon - at), CultureInfo.InvariantCulture);
        at = colon + 1 + length;
        return text.Substring(colon + 1, length);
    }
}
