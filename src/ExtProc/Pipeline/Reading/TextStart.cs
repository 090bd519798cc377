namespace ExtProc.Pipeline.Reading;

/// <summary>
/// Looks at the first bytes of a text for UTF-16 and UTF-32, which hide every word from who looks for UTF-8, and which recipients
/// recognise whatever charset is said: by a byte order mark (WHATWG Encoding), or by where the zeros are (RFC 4627 section 3).
/// </summary>
internal sealed class TextStart
{
    private const int MostBytes = 4;

    private uint _first;
    private int _count = MostBytes;

    /// <param name="isLookedAt">Whether what begins now is text.</param>
    public void Begin(bool isLookedAt) => (_first, _count) = (0, isLookedAt ? 0 : MostBytes);

    /// <summary>Takes what has come and says whether the text can be in UTF-8.</summary>
    public bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length && _count < MostBytes; at++)
        {
            _first = (_first << 8) | bytes[at];
            _count++;
            if (IsWide())
            {
                _count = MostBytes;
                return false;
            }
        }

        return true;
    }

    private bool IsWide() => _count switch
    {
        2 => _first is 0xFEFF or 0xFFFE,
        4 => IsZero(24) && IsZero(16) && _first != 0 || IsZero(24) && IsZero(8) && !IsZero(16) || !IsZero(24) && IsZero(16) && IsZero(0),
        _ => false,
    };

    private bool IsZero(int shift) => ((_first >> shift) & 0xFF) == 0;
}
