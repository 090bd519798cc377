namespace ExtProc.Pipeline.Reading;

/// <summary>Which charsets (IANA character sets, WHATWG Encoding) who looks for UTF-8 can read. Names are in lower case.</summary>
internal static class Charsets
{
    private static readonly string[] SingleByte = ["iso-8859-", "iso8859-", "iso_8859-", "windows-125", "cp125", "latin1", "latin-1"];

    /// <param name="name">The charset.</param>
    /// <param name="singleByte">Whether US-ASCII is all that is looked for, which these charsets have in the same bytes.</param>
    public static bool IsReadable(string name, bool singleByte) =>
        name is "utf-8" or "utf8" or "us-ascii" or "ascii"
        || (singleByte && Array.Exists(SingleByte, prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
}
