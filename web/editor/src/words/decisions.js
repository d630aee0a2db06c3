const en = {
  screen: {
    wholeDiagram: 'The whole file',
    ruleOf: '{name}, rule {row}',
    keys: 'Keyboard: Tab to the next cell · Enter to the row beneath · Ctrl+Z undo · Ctrl+Y redo · Ctrl+S save',
    missing: 'The decision could not be fetched.',
    unreadable: 'The decision could not be drawn: {why}',
    reading: 'You are reading this decision. It is changed by those who own the routine, in a window at least 1024 pixels wide.',
    conflict: 'Somebody else has saved the decision meanwhile. Save a copy of yours, then look at the other.',
  },
  drawing: {},
};

const sv = {
  screen: {
    wholeDiagram: 'Hela filen',
    ruleOf: '{name}, regel {row}',
    keys: 'Tangentbord: Tabb till nästa ruta · Enter till raden under · Ctrl+Z ångra · Ctrl+Y gör om · Ctrl+S spara',
    missing: 'Beslutet kunde inte hämtas.',
    unreadable: 'Beslutet kunde inte ritas: {why}',
    reading: 'Du läser det här beslutet. Det ändras av dem som äger rutinen, i ett fönster som är minst 1024 bildpunkter brett.',
    conflict: 'Någon annan har sparat beslutet under tiden. Spara en kopia av ditt och titta sedan på det andra.',
  },
  drawing: {
    'View DRD': 'Visa sammanhanget', 'Hit policy:': 'Regler gäller:', 'Hit policy': 'Regler gäller', When: 'När', And: 'Och', Then: 'Då',
    Annotation: 'Anteckning', Annotations: 'Anteckningar', Input: 'Fråga', Output: 'Svar', Expression: 'Uttryck', Type: 'Typ',
    'Add input': 'Lägg till fråga', 'Add output': 'Lägg till svar', 'Add rule': 'Lägg till regel', 'Add rule above': 'Regel ovanför', 'Add rule below': 'Regel nedanför',
    'Add input column left': 'Frågekolumn till vänster', 'Add input column right': 'Frågekolumn till höger',
    'Add output column left': 'Svarskolumn till vänster', 'Add output column right': 'Svarskolumn till höger',
    'Copy rule': 'Kopiera regel', 'Cut rule': 'Klipp ut regel', 'Remove rule': 'Ta bort regel', 'Paste rule above': 'Klistra in ovanför', 'Paste rule below': 'Klistra in nedanför',
    'Copy input column': 'Kopiera frågekolumn', 'Cut input column': 'Klipp ut frågekolumn', 'Remove input column': 'Ta bort frågekolumn',
    'Paste input column left': 'Klistra in till vänster', 'Paste input column right': 'Klistra in till höger',
    'Copy output column': 'Kopiera svarskolumn', 'Cut output column': 'Klipp ut svarskolumn', 'Remove output column': 'Ta bort svarskolumn',
    'Paste output column left': 'Klistra in till vänster', 'Paste output column right': 'Klistra in till höger',
    'Decision name': 'Beslutets namn', 'Decision name: ': 'Beslutets namn: ', 'Edit input': 'Ändra fråga', 'Edit output': 'Ändra svar', Edit: 'Ändra',
    'Enter expression': 'Skriv uttryck', 'Expression language': 'Uttrycksspråk', 'Input expression': 'Uttryck', 'Input expression: ': 'Uttryck: ',
    'Input label': 'Rubrik', 'Input label: ': 'Rubrik: ', 'Input values': 'Möjliga värden', 'Input type': 'Typ',
    'Output label': 'Rubrik', 'Output label: ': 'Rubrik: ', 'Output name': 'Namn', 'Output name: ': 'Namn: ', 'Output values': 'Möjliga värden', 'Output type': 'Typ',
    'Predefined values': 'Förvalda värden', 'Set value': 'Ange värde', Value: 'Värde', Values: 'Värden', 'No values': 'Inga värden', Yes: 'Ja', No: 'Nej',
    'Test type': 'Slag av villkor', Exactly: 'Precis', Between: 'Mellan', Before: 'Före', After: 'Efter', Range: 'Intervall', Comparison: 'Jämförelse',
    'Comparison operator': 'Jämförelse', Equals: 'Lika med', Less: 'Mindre än', 'Less or equals': 'Högst', Greater: 'Större än', 'Greater or equals': 'Minst',
    'Start value': 'Från', 'End value': 'Till', Include: 'Med', Exclude: 'Utan', 'Use today': 'I dag', 'Use now': 'Nu', 'Match one': 'Något av', 'Match none': 'Inget av',
    'Edit string': 'Ändra text', 'Edit number': 'Ändra tal', 'Edit boolean': 'Ändra ja eller nej', 'Edit date': 'Ändra datum', 'Edit duration': 'Ändra tidslängd', 'Edit time': 'Ändra klockslag',
    'Strings must be in double quotes': 'Text står inom raka citattecken', 'Move rule': 'Flytta regel', Unique: 'Bara en', First: 'Den första', Any: 'Någon', Priority: 'Efter vikt', Collect: 'Alla, samlade', 'Rule order': 'Alla, i ordning',
    'Boolean value': 'Ja eller nej', 'No overlap. Only a single rule can be matched': 'Inget överlappar. Bara en regel kan gälla', 'Rules may overlap. The first matching rule will be chosen': 'Regler får överlappa. Den första som stämmer gäller',
  },
};

const de = {
  screen: {
    wholeDiagram: 'Die ganze Datei',
    ruleOf: '{name}, Regel {row}',
    keys: 'Tastatur: Tab zur nächsten Zelle · Enter zur Zeile darunter · Strg+Z rückgängig · Strg+Y wiederholen · Strg+S speichern',
    missing: 'Die Entscheidung konnte nicht geholt werden.',
    unreadable: 'Die Entscheidung konnte nicht gezeichnet werden: {why}',
    reading: 'Sie lesen diese Entscheidung. Geändert wird sie von denen, die für den Ablauf zuständig sind, in einem mindestens 1024 Bildpunkte breiten Fenster.',
    conflict: 'Jemand anderes hat die Entscheidung inzwischen gespeichert. Speichern Sie eine Kopie von Ihrer und sehen Sie dann die andere an.',
  },
  drawing: {
    'View DRD': 'Zusammenhang zeigen', 'Hit policy:': 'Es gilt:', 'Hit policy': 'Es gilt', When: 'Wenn', And: 'Und', Then: 'Dann',
    Annotation: 'Anmerkung', Annotations: 'Anmerkungen', Input: 'Frage', Output: 'Antwort', Expression: 'Ausdruck', Type: 'Typ',
    'Add input': 'Frage hinzufügen', 'Add output': 'Antwort hinzufügen', 'Add rule': 'Regel hinzufügen', 'Add rule above': 'Regel darüber', 'Add rule below': 'Regel darunter',
    'Add input column left': 'Fragespalte links', 'Add input column right': 'Fragespalte rechts',
    'Add output column left': 'Antwortspalte links', 'Add output column right': 'Antwortspalte rechts',
    'Copy rule': 'Regel kopieren', 'Cut rule': 'Regel ausschneiden', 'Remove rule': 'Regel entfernen', 'Paste rule above': 'Darüber einfügen', 'Paste rule below': 'Darunter einfügen',
    'Copy input column': 'Fragespalte kopieren', 'Cut input column': 'Fragespalte ausschneiden', 'Remove input column': 'Fragespalte entfernen',
    'Paste input column left': 'Links einfügen', 'Paste input column right': 'Rechts einfügen',
    'Copy output column': 'Antwortspalte kopieren', 'Cut output column': 'Antwortspalte ausschneiden', 'Remove output column': 'Antwortspalte entfernen',
    'Paste output column left': 'Links einfügen', 'Paste output column right': 'Rechts einfügen',
    'Decision name': 'Name der Entscheidung', 'Decision name: ': 'Name der Entscheidung: ', 'Edit input': 'Frage ändern', 'Edit output': 'Antwort ändern', Edit: 'Ändern',
    'Enter expression': 'Ausdruck schreiben', 'Expression language': 'Ausdruckssprache', 'Input expression': 'Ausdruck', 'Input expression: ': 'Ausdruck: ',
    'Input label': 'Überschrift', 'Input label: ': 'Überschrift: ', 'Input values': 'Mögliche Werte', 'Input type': 'Typ',
    'Output label': 'Überschrift', 'Output label: ': 'Überschrift: ', 'Output name': 'Name', 'Output name: ': 'Name: ', 'Output values': 'Mögliche Werte', 'Output type': 'Typ',
    'Predefined values': 'Vorgegebene Werte', 'Set value': 'Wert angeben', Value: 'Wert', Values: 'Werte', 'No values': 'Keine Werte', Yes: 'Ja', No: 'Nein',
    'Test type': 'Art der Bedingung', Exactly: 'Genau', Between: 'Zwischen', Before: 'Vor', After: 'Nach', Range: 'Bereich', Comparison: 'Vergleich',
    'Comparison operator': 'Vergleich', Equals: 'Gleich', Less: 'Kleiner als', 'Less or equals': 'Höchstens', Greater: 'Größer als', 'Greater or equals': 'Mindestens',
    'Start value': 'Von', 'End value': 'Bis', Include: 'Mit', Exclude: 'Ohne', 'Use today': 'Heute', 'Use now': 'Jetzt', 'Match one': 'Eines davon', 'Match none': 'Keines davon',
    'Edit string': 'Text ändern', 'Edit number': 'Zahl ändern', 'Edit boolean': 'Ja oder nein ändern', 'Edit date': 'Datum ändern', 'Edit duration': 'Dauer ändern', 'Edit time': 'Uhrzeit ändern',
    'Strings must be in double quotes': 'Text steht in geraden Anführungszeichen', 'Move rule': 'Regel verschieben', Unique: 'Nur eine', First: 'Die erste', Any: 'Irgendeine', Priority: 'Nach Gewicht', Collect: 'Alle, gesammelt', 'Rule order': 'Alle, der Reihe nach',
    'Boolean value': 'Ja oder nein', 'No overlap. Only a single rule can be matched': 'Nichts überschneidet sich. Nur eine Regel kann gelten', 'Rules may overlap. The first matching rule will be chosen': 'Regeln dürfen sich überschneiden. Die erste passende gilt',
  },
};

/** What the editor of decision tables says in one language; English where a language is unknown. */
export function decisionWordsIn(language) {
  return { sv, de }[(language || '').slice(0, 2)] ?? en;
}
