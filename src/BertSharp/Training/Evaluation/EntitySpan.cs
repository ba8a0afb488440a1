namespace BertSharp;

/// <summary>An entity that the tags of a sentence spell.</summary>
/// <param name="Type">Such as person.</param>
/// <param name="First">Its first word, from 0.</param>
/// <param name="Last">Its last word.</param>
internal readonly record struct EntitySpan(string Type, int First, int Last)
{
    /// <summary>
    /// The entities of a sentence as conlleval and seqeval find them (<c>get_entities</c> of seqeval 1.2.2): IOB1, IOB2, IOE and
    /// IOBES alike. An entity begins with B or S, behind E or S, and where an I or E stands behind O or another type; it ends with E or
    /// S, before B, S and O, and where the type changes.
    /// </summary>
    /// <param name="tags">A tag a word: O, or a letter, a hyphen and a type.</param>
    public static IEnumerable<EntitySpan> Of(IReadOnlyList<string> tags)
    {
        (char before, string typeBefore, int first) = ('O', "", 0);
        for (int word = 0; word <= tags.Count; word++)
        {
            (char tag, string type) = word < tags.Count ? Parts(tags[word]) : ('O', "_");
            if (Ends(before, tag, typeBefore, type))
            {
                yield return new EntitySpan(typeBefore, first, word - 1);
            }

            first = Begins(before, tag, typeBefore, type) ? word : first;
            (before, typeBefore) = (tag, type);
        }
    }

    // The type is what stands behind the first hyphen; a tag without one names its type at once, a bare letter none.
    private static (char Tag, string Type) Parts(string tag)
    {
        int hyphen = tag.IndexOf('-', 1);
        string type = hyphen < 0 ? tag[1..] : tag[(hyphen + 1)..];
        return (tag[0], type.Length == 0 ? "_" : type);
    }

    private static bool Ends(char before, char tag, string typeBefore, string type) =>
        before is 'E' or 'S'
        || (before is 'B' or 'I' && tag is 'B' or 'S' or 'O')
        || (before is not ('O' or '.') && typeBefore != type);

    private static bool Begins(char before, char tag, string typeBefore, string type) =>
        tag is 'B' or 'S'
        || (before is 'E' or 'S' or 'O' && tag is 'E' or 'I')
        || (tag is not ('O' or '.') && typeBefore != type);
}
