using OrleansCallback.Calls;
using OrleansCallback.Silo.Prompts;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Prompts;

/// <summary>The program's own recordings, and what a site puts in their place.</summary>
public sealed class PromptLibraryTests
{
    static readonly byte[] Beep = [.. Enumerable.Range(1, 800).Select(i => (byte)i)];

    readonly string folder = Directory.CreateDirectory(TestFolder.NewFile($"prompts-{Guid.NewGuid():N}")).FullName;

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public void Every_prompt_is_there_audible_and_of_a_sensible_length(string language)
    {
        var library = PromptLibrary.Load(new());
        foreach (var name in Clips.All)
        {
            var clip = library.Say([name], language);
            Assert.InRange(clip.Length.TotalSeconds, 0.3, 8);
            Assert.InRange(Loudness(clip), 500, 12_000);
            Assert.Same(clip, library.Say([name], language));
            Assert.NotSame(clip, library.Say([name], language == "en" ? "zh" : "en"));
        }
    }

    [Fact]
    public void The_committed_recordings_are_those_of_the_texts()
    {
        foreach (var language in PromptLibrary.Load(new()).Languages)
        {
            var texts = File.ReadLines(Path.Combine(Repository.Root, "silo", "Prompts", $"{language}.txt")).Select(line => line.Split(' ')[0]);
            Assert.Equal(Clips.All.Order(), texts.Order());
        }
    }

    [Fact]
    public void Clips_are_said_one_after_the_other_in_the_language_or_in_the_site_s()
    {
        var library = PromptLibrary.Load(new() { PromptLanguage = "zh" });
        var said = library.Say([Clips.WhisperNumber, .. Clips.Digits("+49"), Clips.PressToTake], "en");
        string[] parts = [Clips.WhisperNumber, "4", "9", Clips.PressToTake];
        Assert.Equal(parts.SelectMany(name => library.Say([name], "en").In(G711Law.A).ToArray()), said.In(G711Law.A).ToArray());
        Assert.Same(library.Say([Clips.Wait], "zh"), library.Say([Clips.Wait], "tlh"));
        Assert.Same(library.Say([Clips.Wait], "zh"), library.Say([Clips.Wait], null));
    }

    [Fact]
    public void A_site_s_folder_replaces_one_recording_and_leaves_the_others()
    {
        Write("en/wait.ulaw", Beep);
        var library = PromptLibrary.Load(new() { Prompts = folder });
        Assert.Equal(Beep, library.Say([Clips.Wait], "en").In(G711Law.Mu).ToArray());
        Assert.NotEqual(Beep, library.Say([Clips.Wait], "zh").In(G711Law.Mu).ToArray());
        Assert.True(library.Say([Clips.Refusal], "en").Length > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_site_s_folder_adds_a_language()
    {
        foreach (var name in Clips.All) Write($"de/{name}.alaw", Beep);
        Assert.Equal(Beep, PromptLibrary.Load(new() { Prompts = folder, PromptLanguage = "de" }).Say([Clips.Wait], null).In(G711Law.A).ToArray());
    }

    [Theory]
    [InlineData("", "", "tlh", "Media:PromptLanguage is 'tlh'; write one of en, zh")]
    [InlineData("en/wait.mp3", "", "en", "cannot be played")]
    [InlineData("en/hello.ulaw", "", "en", "is the name of no prompt; write wait, ")]
    [InlineData("de/wait.ulaw", "", "en", "language de, and not ")]
    [InlineData("", "/nowhere/at/all", "en", "Media:Prompts is '/nowhere/at/all', which cannot be read")]
    public void Wrong_settings_are_told_with_what_to_write(string file, string elsewhere, string language, string told)
    {
        if (file.Length > 0) Write(file, Beep);
        var settings = new MediaSettings { Prompts = elsewhere.Length > 0 ? elsewhere : folder, PromptLanguage = language };
        Assert.False(PromptLibrary.TryLoad(settings, out _, out var error));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    static double Loudness(AudioClip clip) =>
        Math.Sqrt(clip.In(G711Law.Mu).ToArray().Average(code => Math.Pow(G711.Decode(code, G711Law.Mu), 2)));
}
