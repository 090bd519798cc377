using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Authoring;

/// <summary>Notes are often made from what peers send.</summary>
public sealed class NoteTests
{
    [Fact]
    public async Task A_hundred_notes_of_a_thousand_letters_are_kept()
    {
        Seen seen = await Play.Through(() => new Scripted
        {
            RequestHeaders = (exchange, _) =>
            {
                for (int note = 0; note < 10_000; note++)
                {
                    exchange.Note($"{note} {new string('n', 5000)}");
                }

                return Verdict.Continue;
            },
        }).RunAsync();

        Assert.Equal(100, seen.Notes.Count);
        Assert.All(seen.Notes, note => Assert.InRange(note.Length, 1, 1003));
        Assert.Equal("more was noted", seen.Notes[^1]);
    }
}
