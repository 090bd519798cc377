using ExtProc.EndToEnd.Clients;

namespace ExtProc.EndToEnd.Lab;

/// <summary>Claims that many tests make of an answer.</summary>
internal static class Check
{
    /// <summary>200, complete, and exactly these bytes.</summary>
    public static void Ok(byte[] body, Answer answer) => Complete(200, body, answer);

    public static void Ok(string body, Answer answer) => Complete(200, System.Text.Encoding.UTF8.GetBytes(body), answer);

    public static void Complete(int status, byte[] body, Answer answer)
    {
        Assert.Equal(status, answer.Status);
        Assert.Null(answer.CutShort);
        Same(body, answer.Body);
    }

    /// <summary>The same bytes; a failure says where they part rather than printing them.</summary>
    public static void Same(byte[] expected, byte[] actual)
    {
        int common = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(
            common == expected.Length && common == actual.Length,
            $"{expected.Length} bytes were expected and {actual.Length} came; they differ from byte {common}");
    }
}
