namespace ExtProc.EndToEnd.Front;

/// <summary>Theory data: every value with every other.</summary>
internal static class Rows
{
    public static readonly IReadOnlyList<BodySendMode> BodyModes =
        [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed];

    /// <summary>Modes in which a body passes without waiting for its end.</summary>
    public static readonly IReadOnlyList<BodySendMode> Flowing = [BodySendMode.None, BodySendMode.Streamed, BodySendMode.FullDuplexStreamed];

    public static readonly IReadOnlyList<bool> Either = [false, true];

    public static TheoryData<T1, T2> Of<T1, T2>(IEnumerable<T1> first, IReadOnlyCollection<T2> second)
    {
        var data = new TheoryData<T1, T2>();
        foreach ((T1 one, T2 two) in from one in first from two in second select (one, two))
        {
            data.Add(one, two);
        }

        return data;
    }

    public static TheoryData<T1, T2, T3> Of<T1, T2, T3>(IEnumerable<T1> first, IReadOnlyCollection<T2> second, IReadOnlyCollection<T3> third)
    {
        var data = new TheoryData<T1, T2, T3>();
        foreach ((T1 one, T2 two, T3 three) in from one in first from two in second from three in third select (one, two, three))
        {
            data.Add(one, two, three);
        }

        return data;
    }
}
