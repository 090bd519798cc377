using System.Text;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

/// <summary>A text is found where it is, in a time that does not depend on how much of the body nearly is it.</summary>
public sealed class TextSearchTests
{
    [Fact]
    public void It_finds_what_the_framework_finds_in_bodies_that_nearly_match()
    {
        Random random = new(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] text = Letters(random, random.Next(1, 40)), body = Letters(random, random.Next(0, 120));
            int matched = 0, found = new TextSearch(text).Find(body, ref matched);

            Assert.Equal(body.AsSpan().IndexOf(text), found);
            if (found < 0)
            {
                Assert.Equal(LongestBeginningAtTheEnd(body, text), matched);
            }
        }
    }

    [Fact]
    public void It_goes_on_where_it_was_when_the_body_comes_in_chunks()
    {
        Random random = new(2);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] text = Letters(random, random.Next(1, 30)), body = [.. Letters(random, random.Next(0, 60)), .. text];
            TextSearch search = new(text);
            int cut = random.Next(body.Length), matched = 0;
            int found = search.Find(body.AsSpan(0, cut), ref matched);
            if (found < 0)
            {
                int held = matched;
                found = search.Find(body.AsSpan(cut - held), ref matched) + cut - held;
            }

            Assert.Equal(body.AsSpan().IndexOf(text), found);
        }
    }

    /// <summary>What would be looked at again is here made unlike the text: whoever looked at it would find nothing.</summary>
    [Fact]
    public void What_has_matched_is_not_looked_at_again()
    {
        int matched = 4095;

        Assert.Equal(0, new TextSearch(Encoding.ASCII.GetBytes(new string('a', 4095) + "b")).Find([.. new byte[4095], (byte)'b'], ref matched));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_long_text_is_replaced_in_a_body_that_nearly_is_it(int chunkBytes)
    {
        string text = new string('a', 40) + "b", body = new string('a', 100) + "b" + new string('a', 60) + "b";
        Play play = Play.Through(() => new ReplaceProcessor(new ReplaceOptions { Text = text, By = "-" }))
            .Request("POST", "/", body, [("content-type", "text/plain")]).In(BodySendMode.FullDuplexStreamed).CutAt([.. Enumerable.Range(1, (body.Length - 1) / chunkBytes).Select(chunk => chunk * chunkBytes)]);

        Seen seen = await play.RunAsync();

        Assert.Equal(new string('a', 60) + "-" + new string('a', 20) + "-", seen.Upstream.Body);
    }

    // Of two letters, mostly the first: texts overlap themselves, and bodies nearly are them.
    private static byte[] Letters(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(6) == 0 ? (byte)'b' : (byte)'a')];

    private static int LongestBeginningAtTheEnd(byte[] body, byte[] text)
    {
        int length = Math.Min(text.Length - 1, body.Length);
        while (!body.AsSpan().EndsWith(text.AsSpan(0, length)))
        {
            length--;
        }

        return length;
    }
}
