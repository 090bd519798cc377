using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>What stands before the first key of a file: marks, directives, blank lines, other documents.</summary>
internal static class BeforeTexts
{
    private static readonly string[] Heads =
    [
        "\ufeff", "\ufeff\ufeff", "\ufeff---\n", "\ufeff# c\n", "\n", "\t\n", " \n", " \t\n", "# c\n", "\t# c\n", " # c\n", "\u00a0\n", "\u0085", "\f\n", "\r\n", "\r", "---\n", "--- \n", "---\t\n", "--- # c\n", "---\n---\n", "---\n\t\n", "---\n# c\n", "...\n", "...\n---\n", "---\n...\n", "---\n...\n---\n", "# c\n---\n", "\n---\n", "\t\n---\n", "---\r\n",
        "%YAML 1.1\n---\n", "%YAML 1.2\n---\n", "%YAML 1.3\n---\n", "%YAML 1.0\n---\n", "%YAML 2.0\n---\n", "%YAML 1\n---\n", "%YAML\n---\n", "%YAML 1.2 x\n---\n", "%YAML 1.2 # c\n---\n", "%YAML 1.2\n", "%YAML 1.2\n%YAML 1.2\n---\n", "%YAML 1.x\n---\n", "%YAML 1.1.1\n---\n", "%YAML\t1.2\n---\n", " %YAML 1.2\n---\n", "%YAML 1.2\n# c\n---\n", "%YAML 1.2\n\n---\n", "%YAML 1.2\n\t\n---\n", "%YAML 1.2\r\n---\n",
        "%TAG !e! tag:e,1:\n---\n", "%TAG ! tag:e,1:\n---\n", "%TAG !! tag:e,1:\n---\n", "%TAG !e! x\n%TAG !e! y\n---\n", "%TAG !e!\n---\n", "%TAG !e! x y\n---\n", "%TAG e x\n---\n", "%TAG\n---\n", "%x\n---\n", "%x y z\n---\n", "%\n---\n", "% x\n---\n", "%x\n", "%é\n---\n", "%x-y\n---\n", "%YAML1.2\n---\n",
        "{}\n---\n", "a: 1\n---\n", "- a\n---\n", "v\n---\n", "--- v\n---\n", "--- {}\n---\n", "a: [\n---\n", "'v'\n---\n", "--- |\n v\n---\n", "a: 1\n...\n", "~\n---\n", "---\n~\n---\n", "a: 1\n... \n---\n", "kind: x\n---\n",
    ];

    public static IEnumerable<GridText> All =>
        from head in Heads
        from text in Each($"{Indent}a: v\n", $"{Indent}a: !e!x v\n", $"{Indent}a: yes\n", $"{Indent}a: !!str 1\n", $"{Indent}a: 'v'\n---\n{Indent}b: !e!x v\n")
        select new GridText(text, head);
}
