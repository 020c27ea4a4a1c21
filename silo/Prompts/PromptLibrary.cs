using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OrleansCallback.Calls;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Silo.Prompts;

/// <summary>What is said to legs, by language and name: the program's own recordings, and over them those of a site's folder.</summary>
sealed class PromptLibrary
{
    const string Prefix = "Prompts/";

    readonly Dictionary<string, Dictionary<string, AudioClip>> languages = new(StringComparer.OrdinalIgnoreCase);
    readonly string language;

    PromptLibrary(string language) => this.language = language;

    /// <summary>The languages that there are.</summary>
    public IEnumerable<string> Languages => languages.Keys;

    /// <summary>Reads all recordings; throws for settings that have not been checked.</summary>
    public static PromptLibrary Load(MediaSettings settings) =>
        TryLoad(settings, out var library, out var error) ? library : throw new InvalidDataException(error);

    /// <summary>Reads all recordings, or says what is wrong with the settings and what to write instead.</summary>
    public static bool TryLoad(MediaSettings settings, [NotNullWhen(true)] out PromptLibrary? library, [NotNullWhen(false)] out string? error)
    {
        library = new(settings.PromptLanguage);
        error = library.Take(Own()) ?? library.TakeFolder(settings.Prompts) ?? library.Missing();
        if (error is not null) library = null;
        return error is null;
    }

    /// <summary>Clips one after the other, in a language or, where there is none of this name, in the site's.</summary>
    public AudioClip Say(IReadOnlyList<string> names, string? wanted)
    {
        var clips = wanted is not null && languages.TryGetValue(wanted, out var found) ? found : languages[language];
        return AudioClip.Join([.. names.Select(name => clips[name])]);
    }

    /// <summary>The clips inside the program, named <c>Prompts/en/wait.ulaw</c>.</summary>
    static IEnumerable<(string Language, string File, byte[] Bytes)> Own()
    {
        var program = Assembly.GetExecutingAssembly();
        foreach (var name in program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = program.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var path = name[Prefix.Length..].Split('/');
            yield return (path[0], path[1], bytes);
        }
    }

    string? TakeFolder(string folder)
    {
        if (folder.Length == 0) return null;
        try
        {
            return Take(Directory.GetDirectories(folder).SelectMany(Directory.GetFiles)
                .Select(file => (Path.GetFileName(Path.GetDirectoryName(file)!), file, File.ReadAllBytes(file))));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"Media:Prompts is '{folder}', which cannot be read: {unreadable.Message} Write a folder with one folder a language, or leave it empty.";
        }
    }

    string? Take(IEnumerable<(string Language, string File, byte[] Bytes)> files)
    {
        foreach (var (of, file, bytes) in files)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (!Clips.All.Contains(name))
                return $"Media:Prompts has {file}, which is the name of no prompt; write {string.Join(", ", Clips.All)} with .ulaw, .alaw or .wav.";
            if (!AudioFile.TryRead(bytes, file, out var clip, out var error))
                return $"Media:Prompts has {file}, which cannot be played: {error}";
            if (!languages.TryGetValue(of, out var clips)) languages[of] = clips = new(StringComparer.Ordinal);
            clips[name] = clip;
        }

        return null;
    }

    string? Missing()
    {
        if (!languages.ContainsKey(language))
            return $"Media:PromptLanguage is '{language}'; write one of {string.Join(", ", Languages)}, or put recordings into that folder of Media:Prompts.";
        foreach (var (of, clips) in languages)
        {
            if (Clips.All.FirstOrDefault(name => !clips.ContainsKey(name)) is { } lacking)
                return $"Media:Prompts has some of the language {of}, and not {lacking}; a language of its own needs {string.Join(", ", Clips.All)}.";
        }

        return null;
    }
}
