using System.Globalization;

namespace OrleansCallback.Silo.Schema;

/// <summary>One numbered script of a dialect, embedded in this assembly: <c>Schema/postgres/0001_ledger.sql</c>.</summary>
sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The scripts of a dialect in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> Of(string dialect)
    {
        var prefix = $"Schema/{dialect}/";
        return [.. typeof(Migration).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => Read(name, name[prefix.Length..^".sql".Length]))
            .OrderBy(migration => migration.Version)];
    }

    static Migration Read(string resource, string file)
    {
        using var stream = typeof(Migration).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"Resource '{resource}' is listed but cannot be read.");
        using var reader = new StreamReader(stream);
        var cut = file.IndexOf('_', StringComparison.Ordinal);
        return new(int.Parse(file.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture), file[(cut + 1)..], reader.ReadToEnd());
    }
}
