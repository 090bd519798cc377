namespace PolicyValidator.Inputs;

/// <summary>The anchor and the tag that may stand before a YAML value. The parser counts them to the value; a node's span does not.</summary>
internal static class NodeProperties
{
    /// <summary>Where the value itself begins.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the value begins with its properties.</param>
    /// <param name="end">Where it ends.</param>
    public static int Behind(string text, int start, int end)
    {
        while (start < end && text[start] is '&' or '!')
        {
            while (start < end && !char.IsWhiteSpace(text[start]))
            {
                start++;
            }

            int next = BehindBlanks(text, start, end);
            if (next >= end)
            {
                return start; // Nothing but properties: the absent value stands right behind them.
            }

            start = next;
        }

        return start;
    }

    /// <summary>Properties may stand on lines of their own, with comments between.</summary>
    private static int BehindBlanks(string text, int start, int end)
    {
        while (start < end && (char.IsWhiteSpace(text[start]) || text[start] == '#'))
        {
            int lineEnd = text[start] == '#' ? text.IndexOf('\n', start) : start;
            start = lineEnd < 0 ? end : lineEnd + 1;
        }

        return start;
    }
}
