using System.Text.Json;

namespace OrleansCallback.Calls;

/// <summary>The snake-case names under which enum values leave the programs: in JSON, SQL, metrics and pages alike.</summary>
public static class WireName
{
    /// <summary><c>CallStatus.CallingMember</c> → <c>calling_member</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.ByValue[value];

    /// <summary><c>calling_member</c> → <c>CallStatus.CallingMember</c>; throws <see cref="FormatException"/> for a name that is none.</summary>
    public static T Parse<T>(string name) where T : struct, Enum =>
        Names<T>.ByName.TryGetValue(name, out var value) ? value : throw new FormatException($"'{name}' is no {typeof(T).Name}.");

    static class Names<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly Dictionary<string, T> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
