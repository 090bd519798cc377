using ExtProc.Abilities;
using ExtProc.Testing;
using Tests.Shared;

namespace ExtProc.Tests.Authoring;

/// <summary>What an author can do, each as a whole conversation; the same abilities are shown behind a real Envoy elsewhere.</summary>
public sealed class AbilityTests
{
    private const string Folder = "tests/ExtProc.Tests/Authoring/Transcripts";

    public static TheoryData<string, BodySendMode> Each
    {
        get
        {
            var data = new TheoryData<string, BodySendMode>();
            foreach ((Ability ability, BodySendMode mode) in from ability in AllAbilities.List from mode in ability.Modes select (ability, mode))
            {
                data.Add(ability.Name, mode);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_author_can(string ability, BodySendMode mode)
    {
        Play play = AllAbilities.Named(ability).Play(mode).Attribute("request.method", "GET");

        Seen seen = await play.RunAsync();

        string notes = string.Concat(seen.Notes.Select(note => $"note: {note.Replace("\n", "\\n", StringComparison.Ordinal)}\n"));
        string details = seen.Details.Length == 0 ? "" : $"details: {seen.Details}\n";
        Golden.File($"{Folder}/{PathOf(ability, mode)}", $"{seen.Transcript}\n{Sight.Of(seen)}{details}{notes}");
        Assert.Empty(seen.Violations);
    }

    [Fact]
    public void Every_transcript_belongs_to_an_ability() => Assert.Equal(
        Each.Select(row => PathOf((string)row[0], (BodySendMode)row[1])).Order(StringComparer.Ordinal),
        Directory.GetFiles(Repository.PathOf(Folder), "*.txt", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.PathOf(Folder), file)).Order(StringComparer.Ordinal));

    private static string PathOf(string ability, BodySendMode mode) => $"{ability}/{ModeNames.Of(mode)}.txt";
}
