using System.Text;
using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Reads a block scalar.</summary>
/// <param name="at">The place.</param>
/// <param name="around">The column of the collection around it; -1 for none.</param>
internal sealed class BlockScalarScanner(Cursor at, int around)
{
    private readonly StringBuilder breaks = new();
    private int indent;

    /// <summary>Reads to its end.</summary>
    public Token Scan()
    {
        int start = at.At;
        bool isLiteral = at.Take() == '|';
        int chomping = Header(start);
        int end = at.At;
        at.TakeBreak();
        Breaks();
        StringBuilder value = new();
        string leadingBreak = "";
        for (bool leadingBlank = false; at.Column == indent && !at.IsAtEnd;)
        {
            bool isFolded = !isLiteral && !leadingBlank && !at.IsAtBlank && leadingBreak == "\n";
            value.Append(isFolded ? (breaks.Length == 0 ? " " : "") : leadingBreak).Append(breaks);
            breaks.Clear();
            leadingBlank = at.IsAtBlank;
            while (!at.IsAtBreakOrEnd)
            {
                value.Append(at.Take());
            }

            end = at.At;
            leadingBreak = at.TakeBreak();
            Breaks();
        }

        value.Append(chomping >= 0 ? leadingBreak : "").Append(chomping > 0 ? breaks.ToString() : "");
        return new(TokenKind.OtherScalar, start) { End = end, Value = value.ToString(), Style = isLiteral ? ScalarStyle.Literal : ScalarStyle.Folded };
    }

    private int Header(int start)
    {
        int chomping = Chomping();
        if (char.IsAsciiDigit(at.Here))
        {
            int digit = at.Take() - '0';
            indent = digit > 0 ? digit + Math.Max(0, around) : throw Refusal.At(start, at.At, "a block scalar with an indentation of 0", "write a digit from 1 to 9, or none");
            chomping = chomping == 0 ? Chomping() : chomping;
        }

        at.SkipBlanks();
        at.SkipComment();
        return at.IsAtBreakOrEnd ? chomping : throw Refusal.At(at.At, at.At + 1, "text behind the header of a block scalar", "begin the text in the next line");
    }

    private int Chomping()
    {
        if (at.Here is not ('+' or '-'))
        {
            return 0;
        }

        return at.Take() == '+' ? 1 : -1;
    }

    private void Breaks()
    {
        int most = 0;
        while (true)
        {
            while ((indent == 0 || at.Column < indent) && at.Here == ' ')
            {
                at.Take();
            }

            most = Math.Max(most, at.Column);
            if ((indent == 0 || at.Column < indent) && at.Here == '\t')
            {
                throw Refusal.At(at.At, at.At + 1, "a tab where the indentation of a block scalar should stand", "use spaces, or leave the line empty");
            }

            if (!at.IsAtBreak)
            {
                break;
            }

            breaks.Append(at.TakeBreak());
        }

        indent = indent == 0 ? Math.Max(Math.Max(most, around + 1), 1) : indent;
    }
}
