using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>A column at which keys or items of a collection stand.</summary>
internal sealed class Indentation(int column, TokenKind? start)
{
    /// <summary>In bytes, from 0; -1 outside of all.</summary>
    public int Column { get; } = column;

    /// <summary>The token that begins the collection; null outside of all.</summary>
    public TokenKind? Start { get; } = start;

    /// <summary>The same token in the queue.</summary>
    public Token? StartToken { get; set; }

    /// <summary>Whether the collection is there: it is not if its first key turns out to be none.</summary>
    public TokenStatus Status { get; set; }
}

/// <summary>What may turn out to be a key, at a colon behind it.</summary>
internal sealed record SimpleKey(int Bytes, int Line, int FlowLevel, Token Key, Indentation? Indentation)
{
    /// <summary>Says what it turned out to be.</summary>
    public void Become(TokenStatus status)
    {
        Key.Status = status;
        if (Indentation is not null)
        {
            (Indentation.Status, Indentation.StartToken!.Status) = (status, status);
        }
    }
}

/// <summary>The possible keys, at most one a level of brackets.</summary>
internal sealed class SimpleKeys
{
    /// <summary>How many bytes a key and its properties may have.</summary>
    private const int MaxBytes = 1024;

    private readonly Stack<SimpleKey> keys = [];

    /// <summary>Whether one is open at a level.</summary>
    public bool IsOpen(int flowLevel) => keys.TryPeek(out SimpleKey? top) && top.FlowLevel == flowLevel;

    /// <summary>Opens one.</summary>
    public void Open(SimpleKey key) => keys.Push(key);

    /// <summary>The last line, or something else, shows that the one of a level is none.</summary>
    public void Invalidate(int flowLevel)
    {
        if (IsOpen(flowLevel))
        {
            keys.Pop().Become(TokenStatus.Invalid);
        }
    }

    /// <summary>A colon stands here: whether the one of a level is a key.</summary>
    public bool Verify(int flowLevel, Cursor at)
    {
        if (!IsOpen(flowLevel))
        {
            return false;
        }

        SimpleKey key = keys.Pop();
        bool isKey = key.Line == at.Line && at.Bytes - key.Bytes <= MaxBytes;
        key.Become(isKey ? TokenStatus.Valid : TokenStatus.Invalid);
        return isKey;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => keys.Clear();
}
