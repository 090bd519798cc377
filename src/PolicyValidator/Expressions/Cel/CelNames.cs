namespace PolicyValidator.Expressions.Cel;

/// <summary>Names made of several words.</summary>
internal static class CelNames
{
    /// <summary><c>a.b.c</c> when the node is a chain of plain names; null otherwise.</summary>
    public static string? Qualified(CelNode node) => node.Meaning switch
    {
        CelIdentifier identifier => identifier.Name,
        CelSelect select when Qualified(select.Operand) is { } prefix => $"{prefix}.{select.Field}",
        _ => null,
    };
}
