namespace ExtProc.Configuration.Reading;

/// <summary>A piece of configuration and where it stands. Files, environment variables and flags all become these.</summary>
internal abstract record ConfigNode(ConfigMark At)
{
    /// <summary>How messages call this kind of node.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value. Its type is the reader's business: <c>1.40</c> is a version where one is wanted.</summary>
internal sealed record ConfigScalar(ConfigMark At, string Text, bool IsQuoted = false) : ConfigNode(At)
{
    public override string Kind => IsNull ? "nothing" : $"\"{Shown}\"";

    /// <summary>YAML's ways to say that there is no value.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>For messages: one line, not too long.</summary>
    public string Shown => Shorten(Text);

    internal static string Shorten(string text)
    {
        string line = text.ReplaceLineEndings("\\n");
        return line.Length <= 60 ? line : line[..57] + "...";
    }
}

/// <summary>Values in order.</summary>
internal sealed record ConfigList(ConfigMark At, IReadOnlyList<ConfigNode> Items) : ConfigNode(At)
{
    public override string Kind => "a list";
}

/// <summary>Keys and values in the order of the text; no key stands twice.</summary>
internal sealed record ConfigMap(ConfigMark At, IReadOnlyList<ConfigEntry> Entries) : ConfigNode(At)
{
    public override string Kind => "keys and values";

    public ConfigEntry? Find(string key)
    {
        string folded = ConfigKey.Fold(key);
        return Entries.FirstOrDefault(entry => ConfigKey.Fold(entry.Key.Text) == folded);
    }
}

/// <summary>One key and its value.</summary>
internal sealed record ConfigEntry(ConfigScalar Key, ConfigNode Value);
